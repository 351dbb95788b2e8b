/* Only while `citeman serve` shows the pages: load anew what was built anew, and say what went wrong. */
(function () {
  "use strict";
  var mine = Number(new URL(document.currentScript.src).searchParams.get("built"));
  var box;

  function show(problems) {
    if (box) box.remove();
    box = null;
    if (!problems.length) return;
    box = document.createElement("div");
    box.setAttribute("role", "alert");
    box.id = "citeman-problems";
    Object.assign(box.style, { position: "fixed", left: "0", right: "0", bottom: "0", zIndex: "9", maxHeight: "50vh", overflow: "auto",
      padding: "1rem 1.5rem", background: "#3a1b19", color: "#ffe9e7", font: "0.9rem/1.5 ui-monospace, Menlo, Consolas, monospace" });
    var close = document.createElement("button");
    close.textContent = "Close";
    Object.assign(close.style, { float: "right", font: "inherit", cursor: "pointer" });
    close.addEventListener("click", function () { box.remove(); });
    box.append(close);
    problems.forEach(function (text) {
      var line = document.createElement("div");
      line.textContent = text;
      box.append(line);
    });
    document.body.append(box);
  }

  var source = new EventSource("/-/events");
  source.onmessage = function (event) {
    var news = JSON.parse(event.data);
    if (news.built !== mine) location.reload(); else show(news.problems);
  };
})();
