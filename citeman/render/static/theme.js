/* Before the first paint: say that scripts run, and take the theme that the reader chose. */
(function () {
  var root = document.documentElement;
  root.classList.add("js");
  try {
    var chosen = localStorage.getItem("citeman-theme");
    if (chosen === "dark" || chosen === "light") root.dataset.theme = chosen;
  } catch (_) { /* no storage: the system's theme */ }
})();
