// The way of a control's values to the kernel, put before the control's own program. A move is a message with one or
// two values, and the kernel answers it when all that follows from them is done. Two moves may be under way, so that
// the kernel computes one while the other travels; one alone where answers take long, so that the last picture is never
// two moves behind. The last value always arrives. Of those passed meanwhile one goes with it where answers come fast:
// a message costs far more than a picture.
function moves(model) {
  const id = crypto.getRandomValues(new Uint32Array(2)).join("-");
  let sent = [], passed = [], took = 0; // when the moves under way were sent, values to be sent, ms of the last answer
  const send = () => {
    const now = performance.now();
    sent = sent.filter((time) => now - time < 10000); // an answer that was lost holds up nothing for ever
    if (!passed.length || sent.length >= (took > 100 ? 1 : 2)) return;
    const last = passed.length - 1;
    const between = last && took < 60 ? [passed[last >> 1]] : [];
    model.send({ move: [...between, passed[last]], from: id });
    sent.push(now);
    passed = [];
  };
  const answered = (message) => {
    if (message.moved !== id) return; // of another view of this control
    took = performance.now() - sent.shift();
    send();
  };
  model.on("msg:custom", answered);
  return {
    choose(value) {
      model.set("value", value);
      passed.push(value);
      send();
    },
    stop: () => model.off("msg:custom", answered),
  };
}
