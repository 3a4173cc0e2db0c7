export const DUE_INDEX = 'due';
