"use strict";
// Starts Swagger UI on this server's own document, and follows the operation that a request has begun.

const FIRST_OPERATION = ["operations", "Environments", "create_environment"];
const progress = document.getElementById("berth-progress");
let following = null;

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function show(operation, state, lines) {
  const link = element("a", operation.id);
  link.href = `v1/operations/${operation.id}`;
  progress.replaceChildren(
    element("strong", operation.kind),
    element("span", state, `state ${state}`),
    document.createTextNode(` ${lines.done} resources done · `),
    link,
    element("span", lines.last, "last"),
  );
  progress.hidden = false;
}

function describe(payload) {
  switch (payload.type) {
    case "resource_started": return `${payload.action} ${payload.resource_type} ${payload.name} …`;
    case "resource_finished": return `${payload.action} ${payload.resource_type} ${payload.name}`;
    case "resource_failed": return `failed: ${payload.resource_type} ${payload.name}`;
    case "diagnostic": return payload.message.trim();
    default: return "";
  }
}

function follow(operation) {
  following?.close();
  const source = new EventSource(`v1/operations/${operation.id}/events`);
  const lines = { done: 0, last: "" };
  let state = operation.state;
  const onEvent = (message) => {
    const { payload } = JSON.parse(message.data);
    if (payload.type === "state_changed") state = payload.state;
    if (payload.type === "resource_finished") lines.done += 1;
    lines.last = describe(payload) || lines.last;
    show(operation, state, lines);
  };
  for (const type of ["state_changed", "resource_started", "resource_finished", "resource_failed", "diagnostic", "summary"]) {
    source.addEventListener(type, onEvent);
  }
  source.addEventListener("done", (message) => {
    show(operation, JSON.parse(message.data).state, lines);
    source.close();
  });
  following = source;
  show(operation, state, lines);
}

function noticeAccepted(response) {
  if (response.status === 202 && response.headers["operation-location"]) {
    follow(JSON.parse(response.text).operation);
  }
  return response;
}

async function nameInstallation() {
  const answer = await fetch("v1/system");
  if (!answer.ok) return;
  const system = await answer.json();
  const where = system.cloud === "sandbox" ? "sandbox: nothing leaves this machine" : "AWS";
  document.getElementById("berth-installation").textContent = `${system.version} · ${where}`;
}

const ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#berth-form",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
  responseInterceptor: noticeAccepted,
  onComplete: () => { if (!location.hash) ui.layoutActions.show(FIRST_OPERATION, true); },
});
nameInstallation();
