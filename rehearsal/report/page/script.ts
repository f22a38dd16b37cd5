/**
 * The page's only script: language, focus on one group, and the read-out under the pointer. Everything is readable without it.
 * Texts reach the page through `textContent` only.
 */
export const SCRIPT = `'use strict';
const root = document.documentElement;
const press = (buttons, on) => buttons.forEach((b) => b.setAttribute('aria-pressed', String(b === on)));
const langs = [...document.querySelectorAll('.langs button')];
langs.forEach((b) => b.addEventListener('click', () => {
  root.dataset.lang = root.lang = b.value;
  document.title = b.dataset.title;
  press(langs, b);
}));
const keys = [...document.querySelectorAll('.key button')];
keys.forEach((b) => b.addEventListener('click', () => {
  const same = document.body.dataset.focus === b.value;
  if (same) delete document.body.dataset.focus; else document.body.dataset.focus = b.value;
  press(keys, same ? null : b);
}));
const box = document.querySelector('.read-out');
let cursor = null;
const hide = () => { box.hidden = true; if (cursor) cursor.remove(); cursor = null; };
document.querySelectorAll('svg[data-hover]').forEach((svg) => {
  let data = null;
  svg.addEventListener('pointermove', (event) => {
    data = data || JSON.parse(svg.dataset.hover);
    const rect = svg.getBoundingClientRect();
    const x = (event.clientX - rect.left) * svg.viewBox.baseVal.width / rect.width;
    let i = 0;
    data.x.forEach((at, k) => { if (Math.abs(at - x) < Math.abs(data.x[i] - x)) i = k; });
    if (data.x.length === 0) return;
    const lang = root.dataset.lang;
    box.textContent = [data.head[i], ...data.rows.map((row) => row.at[i] + '  ' + row.name[lang])].join('\\n');
    box.hidden = false;
    const left = event.clientX + 16 + box.offsetWidth > innerWidth ? event.clientX - 16 - box.offsetWidth : event.clientX + 16;
    box.style.transform = 'translate(' + Math.max(4, left) + 'px,' + Math.min(innerHeight - box.offsetHeight - 8, event.clientY + 12) + 'px)';
    if (!cursor || cursor.ownerSVGElement !== svg) {
      if (cursor) cursor.remove();
      cursor = document.createElementNS('http://www.w3.org/2000/svg', 'line');
      cursor.setAttribute('class', 'cursor');
      svg.append(cursor);
    }
    for (const [name, value] of [['x1', data.x[i]], ['x2', data.x[i]], ['y1', 8], ['y2', svg.viewBox.baseVal.height - 24]]) cursor.setAttribute(name, value);
  });
  svg.addEventListener('pointerleave', hide);
});
addEventListener('scroll', hide, { passive: true });
`;
