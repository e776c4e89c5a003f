// A message to the kernel, or in its place words for the learner: after a restart nobody is there to take it.
function tell(model, el, message) {
  try {
    model.send(message);
  } catch {
    for (const kind of [".course-status", ".course-spoken"]) {
      const words = el.closest(".course-explorer, .course-ask")?.querySelector(kind);
      if (words) words.textContent = "The kernel that drew this has ended: run this cell again.";
    }
  }
}
