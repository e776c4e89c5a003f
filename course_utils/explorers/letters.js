// The letter of a key press, which JupyterLab does not get: to it letters are commands, such as cutting the cell.
function letterOf(event) {
  if (!/^[a-z]$/i.test(event.key) || event.ctrlKey || event.altKey || event.metaKey) return undefined;
  event.stopPropagation();
  return event.key.toUpperCase();
}
