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
// Words of the page about what was entered, before those of the kernel, in the explorer of `el`; "" at the next move.
function remark(el, words) {
  el.closest(".course-explorer")?.dispatchEvent(new CustomEvent("course-remark", { detail: words }));
}
