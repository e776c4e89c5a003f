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
  const move = () => (svg.innerHTML = model.get("lines"));
  const name = () => svg.setAttribute("aria-label", model.get("words"));
  const silent = saying(model, el, "words");
  model.on("change:lines", move);
  model.on("change:words", name);
  move();
  name();
  return () => {
    silent();
    model.off("change:lines", move);
    model.off("change:words", name);
  };
}
export default { render };
