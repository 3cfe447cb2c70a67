/* Passkeys: forms with data-passkey ask the browser for a key before they are sent. Without a script they stay hidden. */
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const problem = form.querySelector("[data-problem]");
      problem.hidden = true;
      try {
        const question = JSON.parse(form.dataset.question);
        const answer = form.dataset.passkey === "create"
          ? await webauthnJSON.create(question)
          : await webauthnJSON.get(question);
        form.elements.confirm_credential.value = JSON.stringify(answer);
        form.submit();
      } catch {
        problem.hidden = false;
      }
    });
  }
})();
