/** What the names of errors say: Node's, got's, undici's and those of Artillery's engines. */

/** Failures that mean no answer came. A script's own complaints (a capture that found nothing) are errors of another kind. */
const NO_ANSWER = /^(?:E[A-Z]{2,}|ERR_[A-Z]|UND_ERR_|HPE_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)|socket hang up/;
const TIMED_OUT = /time-?d?-?out|ETIME/i;
/** Ends at once, a certificate that is not trusted among them: nobody waited for it. */
const REFUSED_AT_ONCE =
  /^(?:ECONNREFUSED|EADDRNOTAVAIL|EADDRINUSE|EMFILE|ENFILE|ENOBUFS|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|EACCES|EPERM|EPROTO|ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;
/** Ports, files or buffers of the generator's own machine. */
const OWN_FAULT = /^(?:EADDRNOTAVAIL|EADDRINUSE|EMFILE|ENFILE|ENOBUFS)/;

export const isTimeout = (kind: string): boolean => TIMED_OUT.test(kind);
export const isNoAnswer = (kind: string): boolean => NO_ANSWER.test(kind) || isTimeout(kind);
export const isRefusedAtOnce = (kind: string): boolean => REFUSED_AT_ONCE.test(kind);
/** The load generator itself was at its limit. */
export const isOwnFault = (kind: string): boolean => OWN_FAULT.test(kind);
