(() => {
  const root = document.documentElement;
  const chip = document.querySelector('.hero-chip');
  const [, , , marker, ...table] = location.pathname.split('/');
  const { table: said, takeout } = chip.dataset;
  chip.textContent = marker === 't' ? said.replace('{{table}}', () => decodeURIComponent(table.join('/'))) : takeout;
  addEventListener(
    'error',
    ({ target }) => {
      if (target.tagName === 'SCRIPT') document.querySelector('.script-failed').hidden = false;
    },
    true,
  );
  try {
    const kept = JSON.parse(localStorage.getItem('matjip:lang'));
    if (kept && kept.value !== root.lang && !/[?&]lang=(ko|en|ja|zh)\b/.test(location.search))
      root.className = 'other-language';
  } catch {}
})();
