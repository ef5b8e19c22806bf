using Cake.Core.Composition;
using Microsoft.Extensions.DependencyInjection;

namespace Cake.Frosting.Internal;

/// <summary>Adds what Cake's modules register to a service collection.</summary>
internal sealed class ModuleServices : ICakeContainerRegistrar
{
    private readonly List<Registration> _registrations = [];

    public static void Add(IServiceCollection services, params ICakeModule[] modules)
    {
        var registrar = new ModuleServices();
        foreach (var module in modules)
        {
            module.Register(registrar);
        }

        foreach (var registration in registrar._registrations)
        {
            services.Add(registration.Describe());
        }
    }

    public ICakeRegistrationBuilder RegisterType(Type type) => Add(new Registration(type, null));

    public ICakeRegistrationBuilder RegisterInstance<TImplementation>(TImplementation instance)
        where TImplementation : class
        => Add(new Registration(typeof(TImplementation), instance));

    private Registration Add(Registration registration)
    {
        _registrations.Add(registration);
        return registration;
    }

    // An instance is shared whatever else is asked for; a type is not, unless it says Singleton.
    private sealed class Registration(Type implementation, object? instance) : ICakeRegistrationBuilder
    {
        private Type? _service;
        private bool _shared;

        public ICakeRegistrationBuilder As(Type type)
        {
            _service = type;
            return this;
        }

        public ICakeRegistrationBuilder AsSelf() => As(implementation);

        public ICakeRegistrationBuilder Singleton()
        {
            _shared = true;
            return this;
        }

        public ICakeRegistrationBuilder Transient() => this;

        public ServiceDescriptor Describe() => instance is not null
            ? new ServiceDescriptor(_service ?? implementation, instance)
            : new ServiceDescriptor(_service ?? implementation, implementation, _shared ? ServiceLifetime.Singleton : ServiceLifetime.Transient);
    }
}
