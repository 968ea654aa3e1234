// Lets the bar of a message that is being sent live. Without this file the link 'Show the current state' does the same.
const EVERY_MILLISECONDS = 1500;

for (const place of document.querySelectorAll("[data-progress]")) {
  const bar = place.querySelector("progress");
  for (const link of place.querySelectorAll("[data-without-script]")) link.hidden = true;

  const show = (figures) => {
    bar.max = figures.total;
    bar.value = figures.settled;
    for (const cell of place.querySelectorAll("[data-figure]")) {
      cell.textContent = figures[cell.dataset.figure];
    }
  };

  const look = async () => {
    try {
      const answer = await fetch(place.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return location.reload(); // signed out, or gone
      const figures = await answer.json();
      show(figures);
      if (figures.state !== place.dataset.state) return location.reload();
    } catch {
      // The network is away for a moment: look again later.
    }
    setTimeout(look, EVERY_MILLISECONDS);
  };
  setTimeout(look, EVERY_MILLISECONDS);
}
