// What Voilà's base template does in inline scripts, as a file: the security policy forbids inline scripts.
window.voila_heartbeat = function () {};
window.update_loading_text = function () {};
window.display_cells = function () {
  if (!window.themeLoaded) {
    window.cellLoaded = true; // Voilà calls again once its styles are there.
    return;
  }
  const loading = document.getElementById("loading");
  if (loading) loading.remove();
  const cells = document.getElementById("rendered_cells");
  if (cells) cells.style.display = "";
};
window.voila_process = function () {};
window.voila_finish = window.display_cells;
