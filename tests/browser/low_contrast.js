// Every text inside `root` whose contrast with what is behind it is below 4.5 : 1, as [text, ratio].
(root) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const paint = (colors) => {
    context.clearRect(0, 0, 1, 1);
    for (const color of colors) {
      context.fillStyle = color;
      context.fillRect(0, 0, 1, 1);
    }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const backgrounds = (e) => (e ? [...backgrounds(e.parentElement), getComputedStyle(e).backgroundColor] : ["white"]);
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (e) => {
    const { color, fill } = getComputedStyle(e);
    const [behind, ink] = e instanceof SVGElement ? [["white"], fill] : [backgrounds(e), color]; // SVG is on a picture
    const [low, high] = [paint(behind), paint([...behind, ink])].map(luminance).sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const ownText = (e) => [...e.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.data).join("").trim();
  return [...root.querySelectorAll("*")]
    .filter((e) => e.checkVisibility() && (ownText(e) || e.matches("input[type=number]")))
    .map((e) => [ownText(e) || e.value, Math.round(10 * contrast(e)) / 10])
    .filter(([, ratio]) => ratio < 4.5);
};
