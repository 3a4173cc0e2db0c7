import { GROUP, INVALID_ID, NOT_TRACKED, type Operation } from './operation.ts';

export const eraseGroup: Operation = {
  description:
    'Erases a group with all its versions: reads return 404 from now on. The service deletes the stored data within 20 ' +
    'minutes, and does not call AnyCheck for the group until POST /groups tracks it again.',
  destroys: 'This deletes the content of all stored versions for ever. The data at AnyCheck stays.',
  parameters: { result_id: GROUP },
  answers: {},
  failures: { 400: INVALID_ID },
};

export const redactGroup: Operation = {
  description:
    'Removes personal data from all stored and all future versions of a group. Statuses and times stay. Reads are ' +
    'redacted at once, and the stored data within 20 minutes.',
  destroys:
    'This deletes most fields of all stored versions for ever, and of every later version. It cannot be undone.',
  parameters: { result_id: GROUP },
  answers: { 202: { accepted: true } },
  failures: { 400: INVALID_ID, 404: NOT_TRACKED },
};
