// A button that puts code where the reader can run it: into a new cell where JupyterLab lets us (see labextension/),
// else into the clipboard.
function render({ model, el }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "jupyter-button widget-button mod-primary cb-code-button";
  button.style.cssText = "width: auto; padding: 0 12px;";
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  said.style.marginLeft = "10px";
  const words = (name) => model.get("words")[name] ?? "";
  const label = () => { button.textContent = words(model.get("task")); };
  button.addEventListener("click", async () => {
    const code = model.get("code");
    if (model.get("task") === "new cell") {
      const asked = new CustomEvent("cbanalysis:new-cell", { detail: { code }, bubbles: true, cancelable: true });
      if (!el.dispatchEvent(asked)) {
        said.textContent = words("written");
        return;
      }
    }
    try {
      await navigator.clipboard.writeText(code);
      said.textContent = words("copied");
    } catch {
      said.textContent = words("by hand");
    }
  });
  model.on("change:code", () => { said.textContent = ""; });
  model.on("change:words", label);
  label();
  el.append(button, said);
}
export default { render };
