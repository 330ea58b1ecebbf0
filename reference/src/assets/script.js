'use strict';
(() => {
  const root = document.documentElement;
  const $ = (selector) => document.querySelector(selector);
  const made = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  };
  // A page opened from a file may not be allowed to remember anything.
  const remembered = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const remember = (key, value) => { try { localStorage.setItem(key, value); } catch { /* It is not. */ } };

  // Light or dark.
  const isDark = () => root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const theme = remembered('theme');
  if (theme) root.dataset.theme = theme;
  const turn = () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    remember('theme', root.dataset.theme);
  };
  $('#theme').addEventListener('click', turn);

  // Rust, curl or the command line, everywhere at once.
  const languages = document.querySelector('[href="#commands"]') ? ['rust', 'curl', 'command'] : ['rust', 'curl'];
  const speak = (language) => {
    root.dataset.lang = language;
    remember('lang', language);
  };
  speak(languages.includes(remembered('lang')) ? remembered('lang') : 'rust');

  // Colours of code, when it comes into view.
  const words = {
    json: /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|\b(true|false|null)\b/g,
    rust: /(\/\/[^\n]*)|("(?:[^"\\]|\\.)*")|\b(use|let|mut|while|fn|async|await|vec|true|false|impl|Some|None)\b|\b(\d[\d_.]*(?:i64)?)\b|\b([A-Z]\w*)\b/g,
    shell: /('(?:[^'])*')|("(?:[^"])*")|(\s)(--?[\w-]+)/g,
  };
  const classes = {
    json: (m) => m[1] ? (m[2] ? 'k' : 's') : m[3] ? 'n' : 'w',
    rust: (m) => m[1] ? 'c' : m[2] ? 's' : m[3] ? 'w' : m[4] ? 'n' : 'k',
    shell: (m) => m[4] ? 'k' : 's',
  };
  const colour = (code) => {
    const language = code.className;
    const text = code.textContent;
    if (!words[language] || text.length > 200000 || code.childElementCount) return;
    const parts = document.createDocumentFragment();
    let end = 0;
    for (const match of text.matchAll(words[language])) {
      parts.append(text.slice(end, match.index));
      parts.append(made('span', classes[language](match), match[0]));
      end = match.index + match[0].length;
    }
    parts.append(text.slice(end));
    code.replaceChildren(parts);
  };
  const copyable = (block) => {
    const button = made('button', 'copy', 'copy');
    button.type = 'button';
    block.append(button);
  };
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      for (const block of entry.target.querySelectorAll('pre')) {
        if (block.firstElementChild) colour(block.firstElementChild);
        if (navigator.clipboard) copyable(block);
      }
    }
  }, { rootMargin: '400px' });
  // The page may still be read: what is there so far, but for the article that is not whole yet.
  const all = document.getElementsByClassName('op');
  const isRead = () => document.readyState !== 'loading';
  const articles = () => [...all].slice(0, isRead() ? all.length : -1);
  let noted = 0;
  const note = () => {
    for (const whole = isRead() ? all.length : all.length - 1; noted < whole; noted += 1) seen.observe(all[noted]);
  };
  const noting = setInterval(note, 150);
  addEventListener('DOMContentLoaded', () => {
    clearInterval(noting);
    note();
    if (location.hash) go(decodeURIComponent(location.hash.slice(1)));
  });

  document.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (!button) return;
    if (button.dataset.lang) {
      const before = button.getBoundingClientRect().top;
      speak(button.dataset.lang);
      scrollBy(0, button.getBoundingClientRect().top - before);
    }
    if (button.className === 'copy') {
      navigator.clipboard.writeText(button.previousElementSibling.textContent).then(() => {
        button.textContent = 'copied';
        setTimeout(() => { button.textContent = 'copy'; }, 1200);
      });
    }
  });

  // Where the reader is, marked in the contents.
  const links = new Map();
  for (const link of document.querySelectorAll('#contents a[href^="#"]')) links.set(link.hash.slice(1), link);
  let marked = null;
  const mark = (id) => {
    const link = links.get(id);
    if (!link || link === marked) return;
    if (marked) marked.removeAttribute('aria-current');
    marked = link;
    link.setAttribute('aria-current', 'true');
    if (link.parentElement.localName === 'details') link.parentElement.open = true;
    const list = $('#contents');
    const [top, height] = [link.offsetTop - list.scrollTop, list.clientHeight];
    if (top < 40 || top > height - 60) list.scrollTop = link.offsetTop - height / 3;
  };
  const here = () => articles().find((article) => article.getBoundingClientRect().bottom > 120);
  let waits = false;
  addEventListener('scroll', () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      const article = here();
      if (article && scrollY > 200) mark(article.id);
    });
  }, { passive: true });

  const go = (id) => {
    const target = document.getElementById(id);
    if (!target) return;
    for (let around = target.parentElement; around; around = around.parentElement) {
      if (around.localName === 'details') around.open = true;
    }
    target.scrollIntoView();
    // What is drawn on the way may change the length of what stands above.
    requestAnimationFrame(() => target.scrollIntoView());
    mark(id);
  };
  addEventListener('hashchange', () => go(decodeURIComponent(location.hash.slice(1))));

  // Search: every word must be found; names and paths count most.
  const field = $('#find');
  const list = $('#found');
  let pages = null;
  const said = (article, selector) => [...article.querySelectorAll(selector)].map((it) => it.textContent).join(' ').toLowerCase();
  const read = () => articles().map((article) => ({
    article,
    title: article.querySelector('.anchor').textContent,
    method: article.querySelector('.line .method')?.textContent ?? 'type',
    path: article.querySelector('.line .path')?.textContent ?? '',
    names: said(article, '.anchor, .path, .id, .setter'),
    keys: said(article, '.key > code:first-child'),
    text: null,
  }));
  const score = (page, word) => {
    const at = page.names.indexOf(word);
    if (at === 0 || (at > 0 && /[^a-z0-9]/.test(page.names[at - 1]))) return 12;
    if (at > 0) return 7;
    if (page.keys.includes(word)) return 4;
    page.text ??= said(page.article, '.say');
    return page.text.includes(word) ? 1 : 0;
  };
  const search = (query) => {
    if (pages?.length !== articles().length) pages = read();
    const asked = query.toLowerCase().split(/\s+/).filter(Boolean);
    const hits = [];
    for (const page of pages) {
      let sum = 0;
      for (const word of asked) {
        const points = page.method.toLowerCase() === word ? 3 : score(page, word);
        if (!points) { sum = 0; break; }
        sum += points;
      }
      if (sum) hits.push([sum - page.title.length / 1000, page]);
    }
    return hits.sort((a, b) => b[0] - a[0]).slice(0, 30).map((hit) => hit[1]);
  };
  let chosen = -1;
  const close = () => {
    list.hidden = true;
    field.setAttribute('aria-expanded', 'false');
    chosen = -1;
  };
  const choose = (next) => {
    const options = list.children;
    if (!options.length) return;
    options[chosen]?.setAttribute('aria-selected', 'false');
    chosen = (next + options.length) % options.length;
    options[chosen].setAttribute('aria-selected', 'true');
    options[chosen].scrollIntoView({ block: 'nearest' });
    field.setAttribute('aria-activedescendant', options[chosen].id);
  };
  const open = (option) => {
    if (!option?.dataset.to) return;
    close();
    field.blur();
    const id = option.dataset.to;
    if (location.hash === '#' + id) go(id); else location.hash = id;
  };
  const show = () => {
    const hits = field.value.trim() ? search(field.value) : [];
    list.replaceChildren(...hits.map((page, place) => {
      const option = made('li');
      option.id = 'hit-' + place;
      option.role = 'option';
      option.dataset.to = page.article.id;
      option.append(made('span', 'method ' + (page.path ? page.method.toLowerCase() : 'other'), page.method), made('b', '', page.title), made('code', '', page.path));
      return option;
    }));
    if (!hits.length && field.value.trim()) list.append(made('li', 'none', 'Nothing is called or says so.'));
    list.hidden = !field.value.trim();
    field.setAttribute('aria-expanded', String(!list.hidden));
    chosen = -1;
    if (hits.length) choose(0);
  };
  field.addEventListener('input', show);
  field.addEventListener('focus', () => { if (field.value.trim()) show(); });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') { choose(chosen + 1); event.preventDefault(); }
    if (event.key === 'ArrowUp') { choose(chosen - 1); event.preventDefault(); }
    if (event.key === 'Enter') open(list.children[chosen]);
    if (event.key === 'Escape') { close(); field.blur(); }
  });
  list.addEventListener('mousedown', (event) => {
    event.preventDefault();
    open(event.target.closest('li'));
  });
  field.addEventListener('blur', close);

  // Keys.
  const step = (by) => {
    const known = articles();
    const at = known.indexOf(here());
    const next = known[Math.min(Math.max((scrollY > 200 ? at + by : 0), 0), known.length - 1)];
    if (next) location.hash = next.id;
  };
  document.addEventListener('keydown', (event) => {
    const typing = /^(input|textarea|select)$/.test(event.target.localName ?? '');
    if ((event.ctrlKey || event.metaKey) && event.key === 'k') { field.focus(); field.select(); event.preventDefault(); return; }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const actions = {
      '/': () => { field.focus(); field.select(); },
      j: () => step(1),
      k: () => step(-1),
      l: () => speak(languages[(languages.indexOf(root.dataset.lang) + 1) % languages.length]),
      t: turn,
      '?': () => $('#keys')?.showModal(),
    };
    const action = actions[event.key];
    if (action) { action(); event.preventDefault(); }
  });

  // On paper everything is unfolded.
  addEventListener('beforeprint', () => {
    for (const folded of document.querySelectorAll('main details:not([open])')) { folded.open = true; folded.dataset.folded = ''; }
  });
  addEventListener('afterprint', () => {
    for (const folded of document.querySelectorAll('main details[data-folded]')) { folded.open = false; delete folded.dataset.folded; }
  });
})();
