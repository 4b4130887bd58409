export class LifeCycle {}
