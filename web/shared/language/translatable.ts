import { createElement, options, type VNode } from 'preact';

/**
 * Browsers translate a page by putting other nodes in the place of its text. A text that is then patched in the node
 * that is gone never shows: the cart said ₩36,000 while four were ordered. So an element with nothing but text in it is
 * put anew when its text changes, and text beside other elements gets an element of its own. What has the class `number`
 * (amounts, order numbers, counts) is not for translators at all.
 * Call once, before the first drawing.
 */
export function surviveTranslators(): void {
  const next = options.vnode;
  options.vnode = (vnode) => {
    if (typeof vnode.type === 'string' && !WITHOUT_ELEMENTS.has(vnode.type)) guard(vnode as VNode<Props>);
    next?.(vnode);
  };
}

interface Props {
  children?: unknown;
  class?: string;
  className?: string;
  role?: string;
  translate?: boolean;
  'aria-live'?: string;
}

/** These hold text and no elements. */
const WITHOUT_ELEMENTS = new Set(['option', 'title', 'textarea', 'script', 'style']);
/** Put anew, a button would lose the focus, and a live region would not be read out. */
const isLasting = ({ type, props, ref }: VNode<Props>) =>
  type === 'button' || type === 'output' || props.role !== undefined || props['aria-live'] !== undefined || ref != null;

const isText = (child: unknown): child is string | number =>
  typeof child === 'number' || (typeof child === 'string' && child.trim() !== '');
const isNothing = (child: unknown) => child == null || typeof child === 'boolean' || child === '';

function guard(vnode: VNode<Props>): void {
  const { props } = vnode;
  if (/\bnumber\b/.test(props.class ?? '')) props.translate = false;
  const { children } = props;
  const all = Array.isArray(children) ? children : [children];
  if (!all.some(isText)) return;
  if (all.every((child) => isText(child) || isNothing(child) || typeof child === 'string') && !isLasting(vnode)) {
    vnode.key = `${vnode.key ?? ''} ${all.filter((child) => !isNothing(child)).join('')}`;
    return;
  }
  props.children = all.map((child) => (isText(child) ? text(child) : child));
}

/** `vnode` hears of this one, too, and gives it its key. */
const text = (child: string | number) => createElement('span', null, child);
