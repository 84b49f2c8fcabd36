"use strict";
// Hands what the identity provider has answered to the form, which opened this window and waits for it.

const answer = new URLSearchParams(location.search || location.hash.slice(1));
const asked = window.opener?.swaggerUIRedirectOauth2;

function refuse(message) {
  asked.errCb({ authId: asked.auth.name, source: "auth", level: "error", message });
}

if (asked) {
  if (answer.get("state") !== asked.state) {
    refuse("the answer belongs to another question: sign in again");
  } else if (!answer.get("code")) {
    refuse(answer.get("error_description") || answer.get("error") || "the identity provider gave no code");
  } else {
    delete asked.state;
    asked.auth.code = answer.get("code");
    asked.callback({ auth: asked.auth, redirectUrl: asked.redirectUrl });
  }
  window.close();
}
