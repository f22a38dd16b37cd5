import Type, { type Static } from 'typebox';
import { Id, Name, Time } from './common.ts';

const Role = Type.Union([
  Type.Literal('owner'),
  Type.Literal('manager'),
  Type.Literal('hall'),
  Type.Literal('kitchen'),
]);
/** A screen on a wall has nobody in front of it whom one could ask. */
const DeviceRole = Type.Union([Type.Literal('hall'), Type.Literal('kitchen')]);

/** Shorter ones are guessed; argon2 makes each guess dear, the lock-out makes it rare. */
export const PASSWORD_LENGTH_MIN = 10;
const Password = Type.String({ minLength: PASSWORD_LENGTH_MIN, maxLength: 200 });
const PersonName = Type.String({
  minLength: 1,
  maxLength: 60,
  pattern: '^[^\\u0000-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u001f\\u007f]*$',
});

/** Of a store or of a brand, by slug; of neither: everywhere. */
export const Grant = Type.Object(
  {
    role: Role,
    store: Type.Optional(Type.String({ maxLength: 80 })),
    brand: Type.Optional(Type.String({ maxLength: 80 })),
  },
  { additionalProperties: false },
);
export type Grant = Static<typeof Grant>;
const Grants = Type.Array(Grant, { minItems: 1, maxItems: 50 });

export const SignInRequest = Type.Object(
  { login: Type.String({ maxLength: 60 }), password: Type.String({ maxLength: 200 }) },
  { additionalProperties: false },
);

export const SessionView = Type.Object({
  name: Type.Union([Type.String(), Type.Null()], { description: 'null: who uses a key' }),
  roles: Type.Array(Grant),
});
export type SessionView = Static<typeof SessionView>;

const Login = Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{1,58}$', description: 'a-z, 0-9, dots and dashes' });

export const StaffRequest = Type.Object(
  {
    login: Login,
    name: PersonName,
    password: Password,
    roles: Grants,
  },
  { additionalProperties: false },
);
export type StaffRequest = Static<typeof StaffRequest>;

/** What is left out stays. A new password or other roles end all sessions. */
export const StaffChange = Type.Object(
  { name: Type.Optional(PersonName), password: Type.Optional(Password), roles: Type.Optional(Grants) },
  { additionalProperties: false },
);
export type StaffChange = Static<typeof StaffChange>;

export const StaffView = Type.Object({
  id: Id,
  login: Type.String(),
  name: Type.String(),
  roles: Type.Array(Grant),
});
export type StaffView = Static<typeof StaffView>;
export const StaffList = Type.Object({ items: Type.Array(StaffView), next: Type.Null() });

export const DeviceRequest = Type.Object({ name: PersonName, role: DeviceRole }, { additionalProperties: false });
export type DeviceRequest = Static<typeof DeviceRequest>;
const device = { id: Id, name: Type.String(), role: DeviceRole, createdAt: Time };
export const DeviceView = Type.Object(device);
export type DeviceView = Static<typeof DeviceView>;
/** Its key is told once. */
export const NewDevice = Type.Object({ ...device, key: Type.String() });
export type NewDevice = Static<typeof NewDevice>;
export const DeviceList = Type.Object({ items: Type.Array(DeviceView), next: Type.Null() });

/** Of 32 random bytes. */
const InvitationToken = Type.String({ pattern: '^[\\w-]{43}$', description: 'what the link holds behind #invite=' });
export const InvitationRequest = Type.Object(
  { role: Role, note: Type.Optional(Type.String({ maxLength: 60, pattern: '^[^\\u0000-\\u001f\\u007f]*$' })) },
  { additionalProperties: false },
);
export type InvitationRequest = Static<typeof InvitationRequest>;
const invitation = {
  id: Id,
  role: Role,
  note: Type.Union([Type.String(), Type.Null()]),
  invitedBy: Type.String(),
  createdAt: Time,
  expiresAt: Time,
};
export const InvitationView = Type.Object(invitation);
export type InvitationView = Static<typeof InvitationView>;
export const InvitationList = Type.Object({ items: Type.Array(InvitationView), next: Type.Null() });
/** Its link is told once. */
export const NewInvitation = Type.Object({
  ...invitation,
  link: Type.String({ description: 'an address, or a path where nobody said what links begin with' }),
});
export type NewInvitation = Static<typeof NewInvitation>;
export const InvitationLook = Type.Object({ token: InvitationToken }, { additionalProperties: false });
export const InvitationOffer = Type.Object({
  role: Role,
  store: Type.Object({ slug: Type.String(), name: Name }),
  expiresAt: Time,
});
export type InvitationOffer = Static<typeof InvitationOffer>;
export const InvitationAcceptance = Type.Object(
  { token: InvitationToken, login: Login, name: PersonName, password: Password },
  { additionalProperties: false },
);
export type InvitationAcceptance = Static<typeof InvitationAcceptance>;

/** Four to six digits; such as 1111 and 4321 are refused. */
const Pin = Type.String({ pattern: '^\\d{4,6}$', description: 'four to six digits' });
export const PinChange = Type.Object(
  { pin: Type.Union([Pin, Type.Null()], { description: 'null: none any more' }) },
  { additionalProperties: false },
);
export const PinPeople = Type.Object({
  items: Type.Array(Type.Object({ id: Id, name: Type.String() })),
  next: Type.Null(),
});
export type PinPeople = Static<typeof PinPeople>;
export const PinSwitch = Type.Object({ staffId: Id, pin: Pin }, { additionalProperties: false });
/** Who works at the tablet now. Its key is told once, and ends when nobody touches the tablet for `idleS`. */
export const PinSession = Type.Object({ key: Type.String(), name: Type.String(), idleS: Type.Integer() });
export type PinSession = Static<typeof PinSession>;

export const StreamTicket = Type.Object({
  ticket: Type.String({ description: 'for `?ticket=` of one stream of this store' }),
  expiresAt: Time,
});

export const StaffLog = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Id,
      at: Time,
      what: Type.String(),
      by: Type.String(),
      about: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
  next: Type.Null(),
});
