// A message to the kernel, or in its place words for the learner: after a restart nobody is there to take it.
function tell(model, el, message) {
  try {
    model.send(message);
  } catch {
    note(el, "course-ended", "The kernel that drew this has ended: run this cell again.");
  }
}
// Words of the page about what was entered, before those of the kernel, in the explorer of `el`; "" at the next move.
const remark = (el, words) => note(el, "course-remark", words);
// Words for saying.js, in the explorer or the question of `el`.
function note(el, kind, words) {
  el.closest(".course-explorer, .course-ask")?.dispatchEvent(new CustomEvent(kind, { detail: words }));
}
