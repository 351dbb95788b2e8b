/* Search and filters over the index in papers.js. The state is in the address; nothing is asked of a server. */
(function () {
  "use strict";
  var STEP = 60;
  var form = document.getElementById("search");
  var results = document.getElementById("results");
  var count = document.getElementById("count");
  var more = document.getElementById("more");
  var fields = ["q", "section", "role", "status", "author", "venue", "from", "to"];
  var original = Array.from(results.children);
  var index, texts, titles, people, venues, found, shown, timer;

  function fold(text) {
    return text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase().replace(/ß/g, "ss").replace(/ø/g, "o").replace(/ł/g, "l").replace(/æ/g, "ae")
      .replace(/[^\p{L}\p{N}$+#]+/gu, " ").trim();
  }

  /* papers.js calls this. A row: name, title, title as HTML or 0, authors, year, venue, status, [[section, role] …], label, notice. */
  window.citemanPapers = function (data) {
    index = data;
    people = index.papers.map(function (row) { return fold(row[3]); });
    venues = index.papers.map(function (row) { return fold(index.venues[row[5]] || ""); });
    titles = index.papers.map(function (row) { return fold(row[1]); });
    texts = index.papers.map(function (row, place) {
      return titles[place] + " " + row[0].toLowerCase() + " " + row[4] + " " + people[place] + " " + venues[place];
    });
    index.venues.slice(0, 200).forEach(function (venue) {
      var option = document.createElement("option");
      option.value = venue;
      document.getElementById("venues").append(option);
    });
    read();
    if (active()) search();
  };

  function read() {
    var asked = new URLSearchParams(location.search);
    fields.forEach(function (name) { form.elements[name].value = asked.get(name) || ""; });
  }
  function write() {
    var asked = new URLSearchParams();
    fields.forEach(function (name) {
      var value = form.elements[name].value.trim();
      if (value) asked.set(name, value);
    });
    var query = asked.toString();
    window.citemanAddress(query ? "?" + query : "");
  }
  function active() {
    return fields.some(function (name) { return form.elements[name].value.trim(); });
  }

  function search() {
    var value = function (name) { return form.elements[name].value.trim(); };
    var words = fold(value("q")).split(" ").filter(Boolean);
    var author = fold(value("author")).split(" ").filter(Boolean);
    var venue = fold(value("venue")), section = value("section"), role = value("role"), status = value("status");
    var from = /^\d{4}$/.test(value("from")) ? Number(value("from")) : 0;
    var to = /^\d{4}$/.test(value("to")) ? Number(value("to")) : 9999;
    found = [];
    index.papers.forEach(function (row, place) {
      if (status && row[6] !== status) return;
      if ((from || to < 9999) && !(row[4] >= from && row[4] <= to)) return;
      if ((section || role) && !row[7].some(function (at) { return (!section || index.sections[at[0]][2] === section) && (!role || at[1] === role); })) return;
      if (venue && venues[place].indexOf(venue) < 0) return;
      if (!author.every(function (word) { return people[place].indexOf(word) >= 0; })) return;
      if (!words.every(function (word) { return texts[place].indexOf(word) >= 0; })) return;
      found.push(place);
    });
    if (words.length) rank(words);
    shown = 0;
    results.replaceChildren();
    show();
    tell();
  }

  /* Papers with all words in their title come first; within both the order of the page stays. */
  function rank(words) {
    var inTitle = found.filter(function (place) {
      return words.every(function (word) { return titles[place].indexOf(word) >= 0; });
    });
    var those = new Set(inTitle);
    found = inTitle.concat(found.filter(function (place) { return !those.has(place); }));
  }

  function tell() {
    var total = index.papers.length;
    count.textContent = found.length === total ? total + " papers" : found.length === 0 ? "No paper of " + total + " fits" : found.length + " of " + total + " papers";
  }

  function show() {
    var next = found.slice(shown, shown + STEP).map(item);
    results.append.apply(results, next);
    shown += next.length;
    more.hidden = shown >= found.length;
    return next[0];
  }

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }
  function link(text, href) {
    var made = element("a", "", text);
    made.href = href;
    return made;
  }

  function item(place) {
    var row = index.papers[place];
    var made = element("li", "item"), margin = element("div", "margin"), body = element("div", "body");
    margin.append(element("span", "year", String(row[4] || "n.d.")));
    var heading = element("h2"), title = link(row[1] || row[8], "papers/" + encodeURIComponent(row[0]) + ".html");
    /* The build made this HTML from the title's math and escaped everything else. */
    if (row[2]) title.innerHTML = row[2];
    heading.append(title);
    body.append(heading);
    if (row[9]) {
      var notice = element("p", "notice grave");
      notice.append(element("strong", "", row[9]));
      body.append(notice);
    }
    var by = element("p", "by", row[3]);
    if (index.venues[row[5]]) by.append(". ", element("cite", "", index.venues[row[5]]));
    body.append(by);
    if (row[7].length) {
      var also = element("p", "also", "Read in ");
      row[7].forEach(function (at, number) {
        var section = index.sections[at[0]];
        if (number) also.append(", ");
        also.append(section[1] ? link(section[0], section[1] + "#ref-" + encodeURIComponent(row[0])) : section[0]);
      });
      body.append(also);
    }
    made.append(margin, body);
    return made;
  }

  function restore() {
    results.replaceChildren.apply(results, original);
    more.hidden = true;
    count.textContent = index.papers.length + " papers";
  }
  function changed() {
    clearTimeout(timer);
    timer = setTimeout(function () {
      if (!index) return;
      write();
      if (active()) search(); else restore();
    }, 60);
  }
  form.addEventListener("citeman:search", search);
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("reset", function () { setTimeout(changed, 0); });
  form.addEventListener("submit", function (event) { event.preventDefault(); changed(); });
  more.addEventListener("click", function () {
    var first = show();
    if (first) first.querySelector("a").focus();
  });
  window.addEventListener("popstate", function () { read(); if (active()) search(); else restore(); });
})();
