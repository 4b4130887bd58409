namespace Tandem.Compat.Matrix.Stages;

/// <summary>Of a client's access token.</summary>
internal enum TokenKind
{
    /// <summary>Good for longer than anything takes.</summary>
    Good,

    /// <summary>Expires soon; see <see cref="Stage.BriefToken"/>.</summary>
    Brief,

    /// <summary>Has expired already.</summary>
    Expired,
}
