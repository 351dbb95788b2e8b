/* Theme switch, copying, the order of a list, and the pictures' marks. Everything is there without it. */
(function () {
  "use strict";
  var root = document.documentElement;
  var said = document.getElementById("said");

  function say(text) {
    said.textContent = "";
    setTimeout(function () { said.textContent = text; }, 30);
  }

  /* Theme: what the reader chose stays; choosing what the system has anyway forgets the choice. */
  var dark = matchMedia("(prefers-color-scheme: dark)");
  var switcher = document.querySelector(".theme");
  function current() { return root.dataset.theme || (dark.matches ? "dark" : "light"); }
  function label() { switcher.setAttribute("aria-label", current() === "dark" ? "Switch to the light theme" : "Switch to the dark theme"); }
  if (switcher) {
    label();
    dark.addEventListener("change", label);
    switcher.addEventListener("click", function () {
      var next = current() === "dark" ? "light" : "dark";
      var system = dark.matches ? "dark" : "light";
      if (next === system) delete root.dataset.theme; else root.dataset.theme = next;
      try {
        if (next === system) localStorage.removeItem("citeman-theme"); else localStorage.setItem("citeman-theme", next);
      } catch (_) { /* no storage: for this page only */ }
      label();
      say(next === "dark" ? "Dark theme" : "Light theme");
    });
  }

  /* Copying. */
  function copy(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    return new Promise(function (resolve, reject) {
      var area = document.createElement("textarea");
      area.value = text;
      area.className = "hidden";
      document.body.append(area);
      area.select();
      var done = document.execCommand("copy");
      area.remove();
      if (done) resolve(); else reject(new Error("refused"));
    });
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (!button) return;
    var item = button.closest(".item, .paper");
    var source = item.querySelector(button.dataset.copy === "bibtex" ? ".bibtex" : ".reference");
    var name = button.dataset.copy === "bibtex" ? "BibTeX" : "Citation";
    copy(source.textContent.trim()).then(function () {
      button.classList.add("copied");
      say(name + " copied");
      setTimeout(function () { button.classList.remove("copied"); }, 1600);
    }, function () {
      var cite = item.querySelector("details.cite");
      if (cite) cite.open = true;
      getSelection().selectAllChildren(source);
      say("Copying is not allowed here; the text is selected");
    });
  });

  /* The order of a section's list: as its authors wrote it, or by role; kept in the address. */
  var lists = document.getElementById("lists");
  var titles = { foundation: "Foundations", result: "Results", empirical: "Empirical studies", critique: "Critiques", survey: "Surveys",
    textbook: "Textbooks", background: "Background", "": "Other papers", other: "Other resources" };
  if (lists && lists.querySelector(".switch")) {
    var groups = Array.from(lists.querySelectorAll(".group"));
    var items = groups.map(function (group) { return Array.from(group.querySelectorAll(".item")); });
    var made = [];
    var byRole = function () {
      Object.keys(titles).forEach(function (role) {
        var those = items.flat().filter(function (item) { return item.dataset.role === role; });
        if (!those.length) return;
        var group = document.createElement("section");
        var heading = document.createElement("h2");
        var list = document.createElement("ol");
        group.className = "group";
        heading.textContent = titles[role];
        heading.id = "role-" + (role || "none");
        group.setAttribute("aria-labelledby", heading.id);
        list.className = "list";
        list.append.apply(list, those);
        group.append(heading, list);
        lists.append(group);
        made.push(group);
      });
      groups.forEach(function (group) { group.remove(); });
    };
    var asListed = function () {
      groups.forEach(function (group, index) {
        group.querySelector(".list").append.apply(group.querySelector(".list"), items[index]);
        lists.append(group);
      });
      made.splice(0).forEach(function (group) { group.remove(); });
    };
    var order = function (name, remember) {
      if (made.length === 0 && name === "role") byRole();
      if (made.length > 0 && name === "list") asListed();
      lists.querySelectorAll("[data-order]").forEach(function (button) {
        button.setAttribute("aria-pressed", String(button.dataset.order === name));
      });
      if (!remember) return;
      address(name === "role" ? "?order=role" : "");
      say(name === "role" ? "Papers by role" : "Papers in reading order");
    };
    lists.addEventListener("click", function (event) {
      var button = event.target.closest("[data-order]");
      if (button) order(button.dataset.order, true);
    });
    if (new URLSearchParams(location.search).get("order") === "role") order("role", false);
  }

  function address(query) {
    try { history.replaceState(null, "", location.pathname + query + location.hash); } catch (_) { /* a file's address stays */ }
  }
  window.citemanAddress = address;
  window.citemanSay = say;

  /* A paper's mark in a picture leads to the paper; resting on either shows the other. */
  function light(name, on) {
    document.querySelectorAll('[data-ref="' + CSS.escape(name) + '"]').forEach(function (mark) { mark.classList.toggle("lit", on); });
  }
  document.querySelectorAll("[data-ref]").forEach(function (mark) {
    mark.classList.add("live");
    mark.addEventListener("click", function () {
      var item = document.getElementById(mark.dataset.ref);
      if (!item) return;
      location.hash = mark.dataset.ref;
      item.querySelector("a").focus({ preventScroll: true });
    });
  });
  if (document.querySelector("[data-ref]")) {
    document.querySelectorAll(".item[id]").forEach(function (item) {
      item.addEventListener("mouseenter", function () { light(item.id, true); });
      item.addEventListener("mouseleave", function () { light(item.id, false); });
    });
  }
})();
