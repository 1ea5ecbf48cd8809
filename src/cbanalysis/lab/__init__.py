"""At home in JupyterLab: the panel, completion, new notebooks, the tutorial."""
