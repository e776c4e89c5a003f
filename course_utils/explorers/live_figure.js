// A picture that stays, what moves on it as SVG, and the words about it.
function render({ model, el }) {
  const { width, height } = Object.fromEntries(["width", "height"].map((name) => [name, model.get(name)]));
  const figure = document.createElement("div");
  figure.className = "course-figure";
  figure.style.width = width + "px";
  figure.innerHTML = `<img width="${width}" height="${height}"><svg role="img" viewBox="0 0 ${width} ${height}"></svg>`;
  const [image, svg] = figure.children;
  image.alt = model.get("alt");
  image.src = "data:image/png;base64," + model.get("background");
  el.append(figure);
  const show = (lines) => (svg.innerHTML = lines);
  let next = []; // of two that arrive at once each is seen, in a frame of its own
  const draw = () => {
    show(next.shift());
    if (next.length) requestAnimationFrame(draw);
  };
  const move = () => {
    next.push(model.get("lines"));
    if (next.length === 1) requestAnimationFrame(draw);
    else if (next.length > 2) next.shift();
  };
  const name = () => svg.setAttribute("aria-label", model.get("words"));
  const silent = saying(model, el, "words");
  model.on("change:lines", move);
  model.on("change:words", name);
  show(model.get("lines"));
  name();
  return () => {
    silent();
    model.off("change:lines", move);
    model.off("change:words", name);
  };
}
export default { render };
