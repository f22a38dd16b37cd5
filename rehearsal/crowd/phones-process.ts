import { openPhoneCrowd, type PhoneCrowd, type PhoneCrowdOptions, type PhoneLoad } from './phone-crowd.ts';

/** The process of a crowd of phones: first message its options, then one load each; answers each with one message. */
let crowd: PhoneCrowd | undefined;
process.on('message', async (message: { open: PhoneCrowdOptions } | { offer: PhoneLoad } | 'close') => {
  try {
    if (message === 'close') {
      await crowd?.close();
      process.disconnect();
    } else if ('open' in message) {
      crowd = await openPhoneCrowd(message.open);
      process.send!({ done: null });
    } else process.send!({ done: await crowd!.offer(message.offer) });
  } catch (error) {
    process.send!({ failed: (error as Error).message });
  }
});
process.once('disconnect', () => process.exit());
