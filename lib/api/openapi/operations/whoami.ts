import { type Operation, UNKNOWN_PARAMETER } from './operation.ts';

export const whoami: Operation = {
  description:
    'Returns the subject of the token, its role, and whether it is a token of a person. A page or a program learns from it ' +
    'which routes it may call.',
  answers: { 200: { who: '3f6c2a10-5b1e-4c39-9d55-0a8e5b7d1f42', role: 'operator', is_person: true } },
  failures: { 400: UNKNOWN_PARAMETER },
};
