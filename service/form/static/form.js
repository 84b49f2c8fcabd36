"use strict";
// Starts Swagger UI on this server's own document, and follows the operation that a request has begun.

const FIRST_OPERATION = ["operations", "Environments", "create_environment"];
const progress = document.getElementById("berth-progress");
const POLL_MILLISECONDS = 700;
let following = null;
let authorization = null; // what the person's last request was authorized with

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

async function read(path) {
  const answer = await fetch(path, { headers: authorization ? { Authorization: authorization } : {} });
  return answer.ok ? answer.json() : null;
}

async function showEnd(operation, lines) {
  const ended = await read(`v1/operations/${operation.id}`);
  if (!ended) return;
  lines.count = sum(ended.changes);
  if (ended.failure) lines.last = [ended.failure.message, ended.failure.hint].filter(Boolean).join(" · ");
  if (ended.kind === "deploy" && ended.state === "succeeded") {
    const outputs = await read(`v1/environments/${operation.environment_id}/outputs`);
    const url = outputs?.items.find((output) => output.name === "url" && typeof output.value === "string");
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

async function follow(operation) {
  const mine = {};
  following = mine; // a newer operation takes the place of this one
  const lines = { count: "", links: [], last: "" };
  let state = operation.state;
  let done = 0;
  let after = 0;
  show(operation, state, lines);
  while (following === mine) {
    const page = await read(`v1/operations/${operation.id}/events?after=${after}`);
    if (!page || following !== mine) return;
    for (const { payload } of page.items) {
      if (payload.type === "state_changed") state = payload.state;
      if (payload.type === "resource_finished") lines.count = `${++done} resources done`;
      lines.last = describe(payload) || lines.last;
    }
    show(operation, state, lines);
    if (page.is_complete) return showEnd(operation, lines);
    after = page.next_after;
    if (!page.items.length) await new Promise((resume) => setTimeout(resume, POLL_MILLISECONDS));
  }
}

function noticeRequest(request) {
  if (new URL(request.url, location.href).pathname.includes("/v1/")) {
    authorization = request.headers?.Authorization ?? null;
  }
  return request;
}

function noticeAccepted(response) {
  if (response.status === 202 && response.headers["operation-location"]) {
    follow(JSON.parse(response.text).operation);
  }
  return response;
}

async function nameInstallation() {
  const system = await read("v1/system");
  if (!system) return;
  const where = system.cloud === "sandbox" ? "sandbox: nothing leaves this machine" : "AWS";
  document.getElementById("berth-installation").textContent = `${system.version} · ${where}`;
}

function start() {
  const document_ = ui.specSelectors.specJson().toJS();
  const signIn = document_.components.securitySchemes.oidc;
  if (signIn) {
    ui.initOAuth({
      clientId: signIn["x-client-id"],
      scopes: Object.keys(signIn.flows.authorizationCode.scopes),
      usePkceWithAuthorizationCodeGrant: true,
    });
  }
  const accepted = document_.paths["/v1/system"].get.security;
  if (accepted.some((way) => !Object.keys(way).length)) nameInstallation();
  if (!location.hash) ui.layoutActions.show(FIRST_OPERATION, true);
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
  requestInterceptor: noticeRequest,
  responseInterceptor: noticeAccepted,
  oauth2RedirectUrl: new URL("docs/oauth2-redirect", location.href).href,
  onComplete: start,
});
