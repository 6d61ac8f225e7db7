// A choice among cards: tells the server which radio button was chosen.
element.addEventListener("change", (event) => {
  if (event.target.type !== "radio") return;
  event.stopPropagation();
  for (const card of element.querySelectorAll("label")) {
    card.classList.toggle("is-on", card.contains(event.target));
  }
  trigger("select", { value: event.target.value });
});
