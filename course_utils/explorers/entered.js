// A field that shows a control's number, and takes another one. Gives what shows the number, and says it as text.
function enter(el, field, { name, stops, value, choose, step, digits = digitsFor(stops) }) {
  const rounded = (number) => inDigits(number, digits);
  const last = stops.at(-1), scale = `${name} goes from ${rounded(stops[0])} to ${rounded(last)}`;
  let shown = "", typed; // a number that was typed stands as it is, any other one rounded
  const show = () => (field.value = shown = String(value() === typed ? typed : rounded(value())));
  const take = () => {
    const text = field.value.trim(), number = numberIn(text);
    if (field.value === shown) return; // a rounded number that was left as it is
    if (Number.isNaN(number)) {
      const twofold = TWOFOLD.test(text) && "may be in thousands: write it without the comma";
      const tiny = vanishes(text) && "is too near 0 to be told from it";
      const why = twofold || tiny || "is no number such as 0.25 or 2.5e-1";
      remark(el, `${text.slice(0, 20) || "An empty field"} ${why}; ${scale}.`);
    } else {
      const taken = Math.min(Math.max(number, stops[0]), last);
      typed = number;
      choose(taken);
      if (number !== taken && number !== rounded(taken)) remark(el, `${text.slice(0, 20)} is off the scale; ${scale}.`);
    }
    show();
  };
  field.addEventListener("change", take);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") take(); // in JupyterLab, Enter does not fire "change"
    if (event.key === "Escape") show();
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by || field.readOnly) return;
    event.preventDefault();
    step(by);
  });
  return show;
}
const TWOFOLD = /^[+−-]?[1-9]\d{0,2},\d{3}(e|$)/i; // to some 1,000 is 1, to others 1000
// A text as a number, with a decimal point or comma; NaN if it is none.
function asWritten(text) {
  const plain = text.replaceAll(",", ".").replaceAll("−", "-");
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
}
// Whether it would be rounded to 0, as 1e-400 is.
const vanishes = (text) => asWritten(text) === 0 && /^[^e]*[1-9]/i.test(text);
// As predictions take it: NaN also if it may be two numbers, or vanishes.
const numberIn = (text) => (TWOFOLD.test(text) || vanishes(text) ? NaN : asWritten(text));
// A batch of 1347 is no 1350.
const inDigits = (number, digits) => (Number.isInteger(number) ? number : Number(number.toPrecision(digits)));
// The fewest digits, three or more, in which neighbouring stops read differently and none by as much as they lie apart.
function digitsFor(stops, digits = 3) {
  const told = stops.map((stop) => inDigits(stop, digits));
  const off = stops.map((stop, i) => Math.abs(told[i] - stop));
  const apart = (stop, i) => !i || (told[i - 1] < told[i] && Math.max(off[i - 1], off[i]) < stop - stops[i - 1]);
  return stops.every(apart) ? digits : digitsFor(stops, digits + 1);
}
