// A scorecard's "say it differently": tells the server from which message to go back.
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-again]");
  if (button) trigger("submit", { turn: Number(button.dataset.again) });
});
