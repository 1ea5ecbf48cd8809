// What JupyterLab and Notebook 7 lack for our notebooks, as a prebuilt extension written by hand: no build step.
//
//   alt      pictures get the alternative text that our outputs carry in their metadata
//   tables   our tables begin their lines at the left, but for numbers
//   new cell the panel's button writes its code below the cell that it stands in
//   reports  a link to the reports of the workspace, where `cbanalysis lab` serves them
(() => {
  let modules;
  const shared = async (name) => {
    const versions = Object.values(modules[name] ?? {});
    return (await versions[0].get())();
  };

  const spoken = (factory, mime) => ({
    ...factory,
    mimeTypes: [mime],
    createRenderer(options) {
      const renderer = factory.createRenderer({ ...options, mimeType: mime });
      const render = renderer.renderModel.bind(renderer);
      renderer.renderModel = async (model) => {
        await render(model);
        const alt = model.metadata[mime]?.alt;
        const picture = renderer.node.querySelector("img");
        if (picture && typeof alt === "string") {
          picture.alt = alt;
        }
      };
      return renderer;
    },
  });

  const plugins = ({ rendermime, notebook, coreutils, widgets }) => [
    {
      id: "cbanalysis:alt",
      description: "Gives pictures in outputs the alternative text of their metadata.",
      autoStart: true,
      requires: [rendermime.IRenderMimeRegistry],
      activate: (_app, registry) => {
        const pictures = [
          ["image/svg+xml", rendermime.svgRendererFactory],
          ["image/png", rendermime.imageRendererFactory],
        ];
        for (const [mime, factory] of pictures) {
          registry.addFactory(spoken(factory, mime), factory.defaultRank);
        }
      },
    },
    {
      id: "cbanalysis:tables",
      description: "Sets the text of our tables flush left.",
      autoStart: true,
      activate: () => {
        const style = document.createElement("style");
        style.textContent =
          ".jp-RenderedHTMLCommon .cb-table :is(caption, th, td) { text-align: left; vertical-align: top; }" +
          ".jp-RenderedHTMLCommon .cb-table .number { text-align: right; white-space: nowrap; }";
        document.head.append(style);
      },
    },
    {
      id: "cbanalysis:new-cell",
      description: "Writes the code of the panel of explore() into a new cell.",
      autoStart: true,
      requires: [notebook.INotebookTracker],
      activate: (_app, tracker) => {
        document.addEventListener("cbanalysis:new-cell", (event) => {
          const code = event.detail?.code;
          const panel = tracker.find((one) => one.node.contains(event.target));
          if (typeof code !== "string" || !panel) {
            return;
          }
          const place = panel.content.widgets.findIndex((cell) => cell.node.contains(event.target));
          if (place >= 0) {
            panel.content.activeCellIndex = place;
          }
          notebook.NotebookActions.insertBelow(panel.content);
          panel.content.activeCell.model.sharedModel.setSource(code);
          panel.content.activate();
          event.preventDefault();
        });
      },
    },
    {
      id: "cbanalysis:reports",
      description: "A link to the reports of the workspace.",
      autoStart: true,
      activate: (app) => {
        const address = coreutils.PageConfig.getOption("cbanalysisReports");
        if (!/^http:\/\/127\.0\.0\.1:\d+\/$/.test(address)) {
          return;
        }
        const link = document.createElement("a");
        link.href = address;
        link.target = "_blank";
        link.rel = "noopener";
        link.textContent = "Báo cáo · Reports";
        link.title = "outputs/index.html";
        link.style.cssText =
          "align-self: center; padding: 2px 10px; color: var(--jp-content-link-color, #00539f); text-decoration: underline;";
        const node = document.createElement("div");
        node.style.cssText = "display: flex; align-items: center; min-width: max-content;";
        node.append(link);
        const place = new widgets.Widget({ node });
        place.id = "cbanalysis-reports";
        app.shell.add(place, "top", { rank: 900 });
      },
    },
  ];

  window._JUPYTERLAB = window._JUPYTERLAB ?? {};
  window._JUPYTERLAB.cbanalysis = {
    init: (scope) => {
      modules = scope;
    },
    get: async () => {
      const [rendermime, notebook, coreutils, widgets] = await Promise.all(
        ["@jupyterlab/rendermime", "@jupyterlab/notebook", "@jupyterlab/coreutils", "@lumino/widgets"].map(shared),
      );
      const made = plugins({ rendermime, notebook, coreutils, widgets });
      return () => ({ __esModule: true, default: made });
    },
  };
})();
