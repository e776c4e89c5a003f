export default { render: ({ model, el }) => saying(model, el, "text") };
