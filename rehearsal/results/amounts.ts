import Type from 'typebox';

export const Count = Type.Number({ minimum: 0 });
export const Share = Type.Number({ minimum: 0, maximum: 1 });
export const Text = Type.Object({ ko: Type.String(), en: Type.String() });
