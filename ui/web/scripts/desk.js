// A form of the desk: tells the server what to do, with what arguments.
element.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  const form = event.target;
  trigger("submit", {
    action: form.dataset.action,
    arguments: Object.fromEntries(new FormData(form)),
  });
});
