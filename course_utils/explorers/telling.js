// A message to the kernel, and words for the learner where nobody is there to take it: after a restart, or where the
// control is from the notebook's file; ipywidgets marks both, and to send from the second fails quietly. Other words
// where the answer takes long: one call in C lets no other thread of the kernel run, and a lost connection has no mark.
const LATE = 2000; // milliseconds
const ended = (el) => el.closest(".jupyter-widgets-disconnected") !== null;
const dealtWith = new WeakMap(); // of a control, the last of its messages that was: an earlier one is late no more
let messages = 0;
function tell(model, el, message) {
  const number = ++messages;
  const nobody = () => {
    clearTimeout(late);
    note(el, "course-ended", "The kernel that drew this has ended: run this cell again.");
  };
  let waited = false;
  const look = () => {
    if (ended(el)) return nobody(); // it was about to, when this was sent
    if (!el.isConnected || !window.courseAnswered || dealtWith.get(model) > number) return;
    if (!waited) note(el, "course-late", WAITING);
    waited = true;
    late = setTimeout(look, LATE);
  };
  let late = setTimeout(look, LATE);
  const status = ({ content }) => {
    if (content.execution_state !== "idle") return;
    window.courseAnswered = true; // only Jupyter's pages say so
    dealtWith.set(model, number);
    clearTimeout(late);
    note(el, "course-late", "");
  };
  let heard = !ended(el);
  try {
    model.send(message, { iopub: { status } });
  } catch {
    heard = false;
  }
  if (!heard) nobody();
}
const WAITING = "The kernel has not answered yet: it is busy or out of reach. As it was before:";
// Words of the page about what was entered, before those of the kernel, in the explorer of `el`; "" at the next move.
const remark = (el, words) => note(el, "course-remark", words);
// Words for saying.js, in the explorer or the question of `el`.
function note(el, kind, words) {
  el.closest(".course-explorer, .course-ask")?.dispatchEvent(new CustomEvent(kind, { detail: words }));
}
