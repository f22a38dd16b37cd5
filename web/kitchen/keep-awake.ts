/**
 * Keeps a tablet on the wall from going dark between two orders. Browsers allow it to pages that are seen, over HTTPS
 * or on this machine; elsewhere the tablet's own setting has to do.
 */
export function keepAwake(): void {
  const ask = () => {
    if (document.visibilityState === 'visible') navigator.wakeLock?.request('screen').catch(() => {});
  };
  document.addEventListener('visibilitychange', ask);
  ask();
}
