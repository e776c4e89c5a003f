// A message to the kernel, and words for the learner where nobody is there to take it: after a restart, or where the
// control is from the notebook's file; ipywidgets marks both, and to send from the second fails quietly.
function tell(model, el, message) {
  let heard = !el.closest(".jupyter-widgets-disconnected");
  try {
    model.send(message);
  } catch {
    heard = false;
  }
  if (!heard) note(el, "course-ended", "The kernel that drew this has ended: run this cell again.");
}
// Words of the page about what was entered, before those of the kernel, in the explorer of `el`; "" at the next move.
const remark = (el, words) => note(el, "course-remark", words);
// Words for saying.js, in the explorer or the question of `el`.
function note(el, kind, words) {
  el.closest(".course-explorer, .course-ask")?.dispatchEvent(new CustomEvent(kind, { detail: words }));
}
