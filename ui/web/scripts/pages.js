// What runs on every page: the clock, the conversation's scrolling, the message box.
(() => {
  const clockText = (seconds) => {
    const whole = Math.max(0, Math.floor(seconds));
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  };

  const tick = () => {
    for (const clock of document.querySelectorAll(".clock:not([data-stopped])")) {
      const text = clockText(Date.now() / 1000 - Number(clock.dataset.since));
      if (clock.textContent !== text) clock.textContent = text;
    }
  };
  setInterval(tick, 500);

  // Follows the conversation to its end, unless the reader has scrolled up to read.
  let following = true;
  const follow = () => {
    const log = document.querySelector("#chat .log");
    if (!log) return;
    if (following) log.scrollTop = log.scrollHeight;
    else log.scrollTop = log.dataset.top ?? log.scrollTop;
  };
  document.addEventListener(
    "scroll",
    (event) => {
      const log = event.target;
      if (!(log instanceof Element) || !log.matches("#chat .log")) return;
      following = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    },
    true,
  );

  const prepare = () => {
    const box = document.querySelector("#message textarea");
    if (box && box.dir !== "auto") {
      box.dir = "auto";
      box.setAttribute("enterkeyhint", "send");
    }
    if (box && !box.dataset.met && window.innerWidth >= 900) {
      box.dataset.met = "1";
      box.focus({ preventScroll: true });
    }
    if (window.innerWidth < 900) {
      for (const fold of document.querySelectorAll("details.fold[open]:not([data-met])")) {
        fold.open = false;
      }
    }
    for (const fold of document.querySelectorAll("details.fold:not([data-met])")) {
      fold.dataset.met = "1";
    }
  };

  // The page's heading is its name in the browser's tab and history.
  const name = () => {
    const heading = document.querySelector("h1")?.textContent.trim();
    const title = heading ? `${heading} · Spardesk` : "Spardesk";
    if (document.title !== title) document.title = title;
  };

  new MutationObserver(() => {
    follow();
    prepare();
    tick();
    name();
  }).observe(document.documentElement, { childList: true, subtree: true });

  // A login that has ended is asked for again, and leads back here.
  const fetched = window.fetch.bind(window);
  window.fetch = async (...asked) => {
    const answer = await fetched(...asked);
    if (answer.status === 401) {
      const here = window.location.pathname + window.location.search;
      window.location.assign(`/login?next=${encodeURIComponent(here)}`);
    }
    return answer;
  };

  window.spardesk = {
    go: (address) => {
      if (address) window.location.assign(address);
    },
    write: () => {
      following = true;
      follow();
      const next = document.querySelector("#message textarea") ?? document.querySelector(".ended a");
      next?.focus({ preventScroll: true });
    },
    // What the address asks for, and what is chosen on the page: scenario and persona.
    asked: () => {
      const address = new URLSearchParams(window.location.search);
      return ["scenario", "persona"].map((name) => address.get(name) ?? "");
    },
    chosen: () => [
      ...["scenario", "persona"].map(
        (name) => document.querySelector(`input[name=${name}]:checked`)?.value ?? "",
      ),
      document.querySelector("select[name=level]")?.value ?? "",
    ],
    toTurn: () => {
      const target = window.location.hash && document.querySelector(window.location.hash);
      target?.scrollIntoView();
    },
  };
})();
