// A message to the kernel, or in its place words for the learner: after a restart nobody is there to take it.
function tell(model, el, message) {
  try {
    model.send(message);
  } catch {
    const status = el.closest(".course-explorer, .course-ask")?.querySelector(".course-status");
    if (status) status.textContent = "The kernel that drew this has ended: run this cell again.";
  }
}
