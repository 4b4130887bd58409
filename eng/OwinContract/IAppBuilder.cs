namespace Owin;

/// <summary>What an OWIN application's startup code composes its middleware with.</summary>
public interface IAppBuilder
{
    /// <summary>Facts about the host, and whatever middleware wants to keep for the application.</summary>
    IDictionary<string, object> Properties { get; }

    /// <summary>Adds a middleware.</summary>
    IAppBuilder Use(object middleware, params object[] args);

    /// <summary>Composes what was added.</summary>
    object Build(Type returnType);

    /// <summary>A builder of a branch with the same properties.</summary>
    IAppBuilder New();
}
