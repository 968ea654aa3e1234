// Warns before typed text is left behind, and before the session ends. Saving works without this file, and a form
// that is sent too late is kept by the server.
const MINUTES_BEFORE_THE_END = 10;

for (const form of document.querySelectorAll("form[data-warn-unsaved]")) {
  let unsaved = form.dataset.unsaved === "yes";
  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("submit", () => { unsaved = false; });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });

  const minutes = Number(form.dataset.sessionMinutes) - MINUTES_BEFORE_THE_END;
  if (minutes > 0 && form.dataset.sessionWords) {
    setTimeout(() => {
      const warning = document.createElement("p");
      warning.className = "session-warning";
      warning.setAttribute("role", "alert");
      warning.textContent = form.dataset.sessionWords;
      form.append(warning);
    }, minutes * 60_000);
  }
}
