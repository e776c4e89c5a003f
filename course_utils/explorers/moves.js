// The way of a control's value to the kernel, put before the control's own program. A move is a message and the
// kernel answers it when all that follows from it is done. Two may be under way, so that the kernel computes one while
// the other travels; one alone where answers take long, so that the last picture is never two moves behind.
// Values in between are passed over, the last one never is: where its answer was lost, as on a connection that broke,
// it is sent again, but not after what was done elsewhere meanwhile.
// Nobody shall overtake it: whoever leaves the control, to press a button, sends it on its way.
// The answer brings the kernel's value: a control that follows no move of its own shows what the picture shows, after a
// move in another page, or one that came to the kernel behind a button.
const LOST = 10000; // milliseconds; an answer that was lost holds up nothing for ever
const anyId = () => crypto.getRandomValues(new Uint32Array(2)).join("-");
function moves(model, el) {
  const page = (window.coursePage ??= anyId());
  const id = `${page} ${anyId()}`;
  let sent = [], patient = false, again;
  let waiting; // not the model's own value, which the kernel may set meanwhile, say to what Reset has
  let last; // that was sent and is not answered
  const send = (most = patient ? 1 : 2) => {
    const now = performance.now();
    sent = ended(el) ? [] : sent.filter((time) => now - time < LOST);
    if (waiting === undefined || sent.length >= most) return;
    sent.push(now);
    tell(model, el, { move: waiting, from: id });
    [last, waiting] = [waiting, undefined];
    clearTimeout(again);
    again = setTimeout(sendAgain, LOST);
  };
  const sendAgain = () => {
    if (ended(el)) return;
    sent = [];
    waiting ??= last;
    send();
  };
  const putBack = () => {
    const back = waiting === undefined && last !== undefined && String(model.get("value")) !== String(last);
    if (back) sendAgain(); // a page whose connection is back is given the kernel's values
  };
  const answered = ({ moved, value }) => {
    if (moved === id) patient = performance.now() - sent.shift() > 100;
    if (moved !== id || !sent.length) last = undefined;
    if (moved !== id && (!moved || moved.startsWith(`${page} `))) return; // another view's, which shows it itself
    if (waiting === undefined && !sent.length) model.set("value", value);
    send();
  };
  model.on("msg:custom", answered);
  model.on("change:value", putBack);
  return {
    choose(value) {
      remark(el, "");
      waiting = value;
      model.set("value", value);
      send();
    },
    leave({ relatedTarget }) {
      if (el.contains(relatedTarget)) return;
      send(Infinity);
      if (el.closest(".course-explorer")?.contains(relatedTarget)) last = undefined;
    },
    stop() {
      clearTimeout(again);
      model.off("msg:custom", answered);
      model.off("change:value", putBack);
    },
  };
}
