using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Tandem.Gateway.Authentication;

/// <summary>Keeps the keys of this process, and loses them with it.</summary>
internal sealed class MemoryKeyRepository : IXmlRepository
{
    private readonly Lock _lock = new();
    private readonly List<XElement> _elements = [];

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        lock (_lock)
        {
            return [.. _elements.Select(static element => new XElement(element))];
        }
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        lock (_lock)
        {
            _elements.Add(new XElement(element));
        }
    }
}
