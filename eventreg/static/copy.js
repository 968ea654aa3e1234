// Copies the address beside the button. Without this file the address is selected and copied by hand.
for (const place of document.querySelectorAll("[data-copy]")) {
  const field = place.querySelector("input");
  const button = place.querySelector("button");
  const told = place.querySelector("[role=status]");
  field.addEventListener("focus", () => field.select());
  if (!navigator.clipboard) continue; // an address without https
  button.hidden = false;
  button.addEventListener("click", async () => {
    told.textContent = "";
    try {
      await navigator.clipboard.writeText(field.value);
      told.textContent = place.dataset.copied;
    } catch {
      field.focus(); // selected, ready to be copied by hand
      told.textContent = place.dataset.notCopied;
    }
  });
}
