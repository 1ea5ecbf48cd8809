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
  // While a control of the panel has the focus, keys are its own and no shortcuts of the notebook: without this
  // the arrow keys would move on to the next cell instead of to the next choice.
  let tries = 300;
  const own = () => {
    const panel = el.closest(".cb-panel");
    if (panel) {
      panel.addEventListener("focusin", (event) => { event.target.dataset.lmSuppressShortcuts = "true"; });
    } else if (tries-- > 0) {
      requestAnimationFrame(own);
    }
  };
  own();
}
export default { render };
