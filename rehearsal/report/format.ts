/** Figures as people read them: three digits that matter, units that fit. */
import type { FigureKey, Spread, Unit } from './figures.ts';
import { FIGURES, QUANTILES } from './figures.ts';
import type { Text } from './run.ts';

const grouped = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** 36 µs, 0.42 ms, 8.3 ms, 59 ms, 1.25 s, 10 s, 2 min. */
export function formatMs(ms: number): string {
  if (!Number.isFinite(ms)) return '–';
  if (ms === 0) return '0 ms';
  if (ms < 0.0995) return `${trimZero(grouped(ms * 1000, ms < 0.00995 ? 1 : 0))} µs`;
  if (ms < 0.995) return `${grouped(ms, 2)} ms`;
  if (ms < 9.95) return `${trimZero(grouped(ms, 1))} ms`;
  if (ms < 999.5) return `${grouped(ms, 0)} ms`;
  if (ms < 9_950) return `${trimZero(grouped(ms / 1000, 2))} s`;
  if (ms < 119_500) return `${grouped(ms / 1000, 0)} s`;
  return `${trimZero(grouped(ms / 60_000, 1))} min`;
}

const trimZero = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

export function formatCount(value: number): string {
  return grouped(Math.round(value), 0);
}

/** 0.42, 8.3, 59, 2,140. */
export function formatRate(perSecond: number): string {
  if (perSecond === 0) return '0';
  return trimZero(grouped(perSecond, perSecond < 1 ? 2 : perSecond < 10 ? 1 : 0));
}

/** Small shares keep the digits that tell one failure in a million from none. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent === 0) return '0 %';
  if (percent < 0.01) return '< 0.01 %';
  if (percent > 99.99 && percent < 100) return '> 99.99 %';
  return `${trimZero(grouped(percent, percent < 1 ? 2 : percent < 99 ? 1 : 2))} %`;
}

/** ×14, ×2.3, ×1.08. */
export function formatTimes(ratio: number): string {
  if (!Number.isFinite(ratio)) return '–';
  return `×${grouped(ratio, ratio >= 10 ? 0 : ratio >= 2 ? 1 : 2)}`;
}

/** The same in the words of each language, at least 1: a factor told upward. */
export function timesText(ratio: number, isBound = false): Text {
  const times = formatTimes(ratio >= 1 ? ratio : 1 / ratio);
  return isBound ? { ko: `${times.slice(1)}배 이상`, en: `≥ ${times}` } : { ko: `${times.slice(1)}배`, en: times };
}

export function formatValue(value: number, unit: Unit): string {
  switch (unit) {
    case 'ms':
      return formatMs(value);
    case 'cpuMs':
      return formatMs(value);
    case 'share':
      return formatShare(value);
    case 'perSecond':
      return `${formatRate(value)}/s`;
    case 'count':
      return formatCount(value);
    case 'bytes':
      return value < 1024
        ? `${formatCount(value)} B`
        : `${trimZero(grouped(value / 1024, value < 10_240 ? 1 : 0))} KiB`;
    case 'ratio':
      return value === 0 ? '0' : value < 0.001 ? '< 0.001' : grouped(value, value < 0.1 ? 3 : 2);
  }
}

/** A figure with the mark that says when it is only a lower bound. */
export function formatFigure(key: FigureKey, value: number, atLeast = false): string {
  // Artillery tells whole milliseconds: nobody was answered in no time.
  if (value === 0 && key in QUANTILES) return '< 1 ms';
  return `${atLeast ? '≥ ' : ''}${formatValue(value, FIGURES[key].unit)}`;
}

export const formatSpread = (key: FigureKey, spread: Spread): string =>
  `${spread.isBelow ? '< ' : ''}${formatFigure(key, spread.middle, spread.atLeast)}`;

/** For axes, where room is scarce: 400, 1,500, 20k, 1.5M. */
export function formatAxisRate(perSecond: number): string {
  if (perSecond >= 1e6) return `${trimZero(grouped(perSecond / 1e6, 1))}M`;
  return perSecond >= 1e4 ? `${trimZero(grouped(perSecond / 1000, 1))}k` : formatRate(perSecond);
}

/** A time of a run: 0:00, 1:05, 12:30, 3:00:00. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
