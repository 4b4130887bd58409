namespace Tandem.Compat.Matrix.Running;

/// <summary>Something came out in another way than the scenario says.</summary>
internal sealed class ExpectationException(string message) : Exception(message);
