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

function link(text, target) {
  const made = element("a", text);
  made.href = target;
  return made;
}

function show(operation, state, lines) {
  const environment = `v1/environments/${operation.environment_id}`;
  progress.replaceChildren(
    element("strong", operation.kind),
    element("span", state, `state ${state}`),
    element("span", lines.count, "count"),
    link("operation", `v1/operations/${operation.id}`),
    link("outputs", `${environment}/outputs`),
    link("resources", `${environment}/resources`),
    ...lines.links,
    element("span", lines.last, "last"),
  );
  progress.hidden = false;
}

function sum(changes) {
  const parts = Object.entries(changes ?? {}).filter(([, count]) => count > 0);
  return parts.map(([verb, count]) => `${count} ${verb}`).join(", ") || "no resources";
}

async function showEnd(operation, lines) {
  const ended = await (await fetch(`v1/operations/${operation.id}`)).json();
  lines.count = sum(ended.changes);
  if (ended.failure) lines.last = [ended.failure.message, ended.failure.hint].filter(Boolean).join(" · ");
  if (ended.kind === "deploy" && ended.state === "succeeded") {
    const outputs = await (await fetch(`v1/environments/${operation.environment_id}/outputs`)).json();
    const url = outputs.items.find((output) => output.name === "url" && typeof output.value === "string");
    if (url) lines.links = [link(url.value, url.value)];
    lines.last = "";
  }
  show(operation, ended.state, lines);
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
  const lines = { count: "", links: [], last: "" };
  let state = operation.state;
  let done = 0;
  const onEvent = (message) => {
    const { payload } = JSON.parse(message.data);
    if (payload.type === "state_changed") state = payload.state;
    if (payload.type === "resource_finished") lines.count = `${++done} resources done`;
    lines.last = describe(payload) || lines.last;
    show(operation, state, lines);
  };
  for (const type of ["state_changed", "resource_started", "resource_finished", "resource_failed", "diagnostic", "summary"]) {
    source.addEventListener(type, onEvent);
  }
  source.addEventListener("done", () => {
    source.close();
    showEnd(operation, lines);
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
